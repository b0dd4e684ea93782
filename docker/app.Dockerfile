# The service as one image: `ims serve`, `ims worker` and `ims migrate` are its three uses.
# The base can be replaced by one's own mirror: --build-arg BASE_IMAGE=...
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
WORKDIR /srv/ims
COPY requirements/ requirements/
RUN python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --require-hashes \
      -r requirements/runtime.lock -r requirements/dev.lock
COPY pyproject.toml README.md LICENSE manage.py ./
COPY platform/ platform/
COPY tenants/ tenants/
COPY billing/ billing/
# The pages' styles and scripts, then every static file under a name that changes with its content.
RUN PYTHONPATH=platform:tenants:billing /opt/build/bin/python -m ims_config.assets \
    && /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .
RUN PYTHONPATH=platform:tenants:billing IMS_VAR_DIR=/var/lib/ims \
    IMS_SECRET_KEY=only-to-collect-static-files-and-never-to-run-the-service-with \
    IMS_KEY_ENCRYPTION_KEY=b25seS10by1jb2xsZWN0LXN0YXRpYy1maWxlcy4uLi4= \
    DATABASE_URL=postgresql://nobody@127.0.0.1/none \
    DJANGO_SETTINGS_MODULE=ims_config.settings.production \
    /opt/build/bin/python manage.py collectstatic --noinput

FROM ${BASE_IMAGE}
# A new volume takes its owner from the folder it is mounted on: without `files`, it would be root's
# and no bank file could be stored.
RUN useradd --system --uid 10001 --home-dir /var/lib/ims --no-create-home ims \
    && install -d -o ims -m 0700 /var/lib/ims /var/lib/ims/files
COPY requirements/runtime.lock /tmp/runtime.lock
RUN pip install --no-cache-dir --require-hashes -r /tmp/runtime.lock && rm /tmp/runtime.lock
COPY --from=build /wheels/ /tmp/wheels/
RUN pip install --no-cache-dir --no-deps /tmp/wheels/*.whl && rm -r /tmp/wheels
COPY --from=build --chown=10001 /var/lib/ims/static/ /var/lib/ims/static/
ENV DJANGO_SETTINGS_MODULE=ims_config.settings.production \
    IMS_VAR_DIR=/var/lib/ims \
    IMS_BIND=0.0.0.0:8000 \
    PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", \
  "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["ims"]
CMD ["serve"]
