"""Which apps live in the public schema, which in each council's, and which in both."""

BOTH_SCHEMAS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    # Second factors, sessions and links to a provider belong to the people of the schema.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "ims_kernel.identity",
    "ims_kernel.audit",
    "ims_kernel.signin",
]

SHARED_APPS = [
    "django_tenants",
    "ims_tenants",
    *BOTH_SCHEMAS,
    "procrastinate.contrib.django",
    "ims_billing",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "ims_kernel.crypto",
    "ims_kernel.jobs",
    "ims_kernel.web",
]

TENANT_APPS = [
    *BOTH_SCHEMAS,
    "ims_kernel.records",
    "ims.council",
    "ims.apikeys",
    "ims.funds",
    "ims.ledger",
    "ims.accounts",
    "ims.suspense",
    "ims.receipts",
    "ims.payments",
    "ims.imports",
    "ims.exports",
    "ims.reports",
    "ims.backoffice",
    "ims.api",
]

INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
