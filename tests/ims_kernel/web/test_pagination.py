import base64
import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ims_kernel.web.pagination import (
    MAX_SIZE,
    Key,
    Page,
    in_chunks,
    paginate,
    read_cursor,
    with_query,
    write_cursor,
)

KEYS: list[Key] = [
    (date(2026, 11, 24), 12),
    (datetime(2026, 11, 24, 9, 30, 0, 5, tzinfo=UTC), 1),
    (12_345, 9),
    ("a name\u2019s", 3),
]


@pytest.mark.parametrize("key", KEYS)
def test_a_cursor_comes_back_as_it_went(key: Key) -> None:
    text = write_cursor(key)
    assert read_cursor(text) == key
    assert text.isascii()
    assert not set(text) & set("+/=&?")


@given(st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda b: b.hex())))
def test_any_other_text_means_the_first_page(text: str) -> None:
    assert read_cursor(text) is None


@pytest.mark.parametrize(
    "packed",
    [
        '["d","2026-11-24"]',
        '["d","2026-11-24","1"]',
        '["d","2026-11-24",true]',
        '["d",5,1]',
        '["x","y",1]',
        '["d","2026-11-99",1]',
        '["d","2026-11-24",9223372036854775808]',
        '["i","9223372036854775808",1]',
        '["s","nul\\u0000",1]',
        '["s",[],1]',
        "{}",
        "1",
    ],
)
def test_a_forged_cursor_means_the_first_page(packed: str) -> None:
    # Written as the real ones are, so that only what is inside is wrong.
    text = base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")
    assert read_cursor(text) is None


def test_links_keep_the_filters_and_drop_what_is_empty() -> None:
    query = QueryDict("fund=1&fund=2&payer=&after=old")
    assert with_query(query, after="new") == "?fund=1&fund=2&after=new"
    assert with_query(query, after=None, fund=None) == "?"
    assert with_query({"name": "O'Neil & Co"}, page="2") == "?name=O%27Neil+%26+Co&page=2"


@pytest.mark.parametrize("size", [0, -1, MAX_SIZE + 1])
def test_a_page_holds_one_to_a_hundred_rows(size: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        paginate(ContentType.objects.all(), {}, by="app_label", size=size)


def _follow(query: str, size: int) -> Page[ContentType]:
    rows = ContentType.objects.filter(model__startswith="thing")
    return paginate(rows, QueryDict(query.removeprefix("?")), by="app_label", size=size)


@pytest.mark.django_db
def test_pages_forward_and_back_show_every_row_once_though_keys_tie() -> None:
    for number in range(11):
        ContentType.objects.create(app_label=f"app{number % 3}", model=f"thing{number}")
    wanted = sorted(
        ((row.app_label, row.pk) for row in ContentType.objects.filter(model__startswith="thing")),
        reverse=True,
    )
    forward, query, pages = [], "?keep=1", 0
    while True:
        page = _follow(query, 3)
        forward += [(row.app_label, row.pk) for row in page.rows]
        pages += 1
        if not page.next_query:
            break
        assert page.next_query.startswith("?keep=1&after=")
        query = page.next_query
    assert forward == wanted
    assert pages == 4
    backward = [(row.app_label, row.pk) for row in page.rows]
    while page.previous_query:
        page = _follow(page.previous_query, 3)
        backward = [(row.app_label, row.pk) for row in page.rows] + backward
    assert backward == wanted


@pytest.mark.django_db
def test_one_page_has_no_neighbours_and_nothing_is_one_page() -> None:
    assert _follow("", 5) == Page([], "", "")
    ContentType.objects.create(app_label="app", model="thing")
    page = _follow("?after=nonsense", 1)
    assert len(page.rows) == 1
    assert (page.previous_query, page.next_query) == ("", "")


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "sizes"), [(0, []), (3, [2, 1]), (4, [2, 2])])
def test_chunks_hold_every_row_once_and_end(number: int, sizes: list[int]) -> None:
    made = [
        ContentType.objects.create(app_label=f"app{place}", model=f"thing{place}").pk
        for place in range(number)
    ]
    rows = ContentType.objects.filter(model__startswith="thing")
    chunks = list(in_chunks(rows, by="app_label", size=2))
    assert [len(chunk) for chunk in chunks] == sizes
    assert [row.pk for chunk in chunks for row in chunk] == made[::-1]


@pytest.mark.django_db
def test_a_cursor_past_the_end_leads_back_to_the_first_page() -> None:
    ContentType.objects.create(app_label="app", model="thing")
    page = _follow(f"?keep=1&after={write_cursor(('a', 1))}", 5)
    assert page == Page([], "?keep=1", "")


@pytest.mark.django_db
def test_a_page_is_one_query_that_compares_the_keys_as_a_pair() -> None:
    with CaptureQueriesContext(connection) as ran:
        _follow(f"?after={write_cursor(('app', 5))}", 5)
    # A connection may first say which schema it reads; that reads no table.
    read = [query["sql"] for query in ran if query["sql"].startswith("SELECT")]
    assert len(read) == 1
    assert re.search(r"""\("\w+"\."app_label", "\w+"\."id"\) < \('app', 5\)""", read[0])
    assert read[0].endswith("LIMIT 6")
