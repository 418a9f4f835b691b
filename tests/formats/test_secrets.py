"""What is hidden, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.formats.secrets import masked, secret_spans
from ovs_capture.knowledge import table
from ovs_capture.source import Source


def secrets(text: str) -> list[str]:
    return [text[span.start : span.end] for span in secret_spans(Source("t", text))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key_name | mykey",
        "password_expires_at = 2024-05-15",
        "| password_expires_at | 2024-05-15 |",
        "secret_ref: http://barbican/v1/secrets/1",
        "token_endpoint = http://keystone",
        "| adminPass |          |",
        "| adminPass | None |",
        "password = ",
        "use_token: true",
        "localbypass = yes_it_is",
        "compass: north",
        "bypass = everything",
        "options: {in_key=flow, key=flow, out_key=flow, remote_ip=10.0.0.2}",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "ssh-rsa AAAAB3NzaC1yc2E user@host",
        "http://user@host:80/x",
        "table=0, priority=0 actions=NORMAL",
        "password: <hidden>",
        "| Secret |\n",
    ],
)
def test_nothing_to_hide(text: str) -> None:
    assert secrets(text) == []


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("| adminPass | X3xJpj oBatE5 |", ["X3xJpj oBatE5"]),
        ("| adminPass  | X3xJ |\n|            | pjoB |\n| x | y |", ["X3xJ", "pjoB"]),
        ("metadata_proxy_shared_secret = METADATA_SECRET", ["METADATA_SECRET"]),
        ("password=hush, user=root", ["hush"]),
        ("{'admin_password': 'two words', 'x': 1}", ["two words"]),
        ('{"auth": {"password": "hush"}}', ["hush"]),
        ("OS_PASSWORD=hush", ["hush"]),
        ("rabbit_pass: RABBIT", ["RABBIT"]),
        ("passwd='t0p' port='5900'", ["t0p"]),
        ("options: {psk=swordfish, remote_ip=10.0.0.2}", ["swordfish"]),
        ("openstack --os-password hush token issue", ["hush"]),
        ("mysql --password=hush", ["hush"]),
        ("X-Auth-Token: gAAAAABk", ["gAAAAABk"]),
        ("Authorization: Bearer abc.def", ["abc.def"]),
        ("-H 'Authorization: Basic dXNlcg=='", ["dXNlcg=="]),
        ("connection = mysql+pymysql://neutron:DBPASS@controller/neutron", ["DBPASS"]),
        ("transport_url = rabbit://openstack:RABBIT@c:5672/", ["RABBIT"]),
        ("| id | gAAAAABkZ0123456789abcdefghijklmnop= |", ["gAAAAABkZ0123456789abcdefghijklmnop="]),
        ("private key: aGVsbG8=", ["aGVsbG8="]),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n  pAIB \n-----END RSA PRIVATE KEY-----\nx",
            ["MIIE", "pAIB"],
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\ncut", ["MIIE", "cut"]),
        (
            "| k | -----BEGIN PRIVATE KEY----- |\n|   | MIIE |\n|   | -----END PRIVATE KEY----- |",
            ["MIIE"],
        ),
        (
            "+----+--------+\n| ID | Secret |\n+----+--------+\n"
            "| 1  | a b    |\n| 2  | None   |\n+----+--------+",
            ["a b"],
        ),
    ],
)
def test_hidden(text: str, hidden: list[str]) -> None:
    assert secrets(text) == hidden


def test_only_the_window_is_searched() -> None:
    text = "password=one\npassword=two\npassword=three\n"
    start, end = text.index("password=two"), text.index("\npassword=three")
    spans = secret_spans(Source("t", text, start, end))
    assert [text[span.start : span.end] for span in spans] == ["two"]


@given(st.text(alphabet="ab|+-:= \n\"'<>@/passwordkeytoken{}", max_size=80))
def test_spans_are_in_order_disjoint_and_on_one_line(text: str) -> None:
    position = 0
    for span in secret_spans(Source("t", text)):
        assert position <= span.start < span.end <= len(text)
        assert "\n" not in text[span.start : span.end]
        position = span.end


ROWS = table("secrets")


@pytest.mark.parametrize("row", [*ROWS["key"], *ROWS["shape"]], ids=lambda row: row["example"])
def test_every_row_of_the_table(row: dict[str, object]) -> None:
    assert row["source"]
    assert row["reason"]
    assert secrets(f"before\n{row['example']}\nafter") == row["hidden"]


@pytest.mark.parametrize("row", ROWS["shape"], ids=lambda row: row["example"])
def test_a_shape_stands_on_lines_with_its_signs(row: dict[str, list[str]]) -> None:
    assert any(sign in str(row["example"]).lower() for sign in row["signs"])


@pytest.mark.parametrize("row", ROWS["open"], ids=lambda row: row["example"])
def test_what_only_looks_like_a_secret(row: dict[str, str]) -> None:
    assert secrets(row["example"]) == []


@given(st.lists(st.sampled_from([row["example"] for row in [*ROWS["key"], *ROWS["shape"]]])))
def test_what_is_masked_holds_no_secret(lines: list[str]) -> None:
    source = Source("t", "\n".join(lines))
    text = masked(source, secret_spans(source))
    assert len(text) == len(source.text)
    assert secrets(text) == []


def test_columns_of_ovn_that_authorize_are_no_secrets() -> None:
    columns = 'authorization       : [""]\nauthorization       : [chassis_name]\n'
    assert secret_spans(Source("x", columns)) == ()
