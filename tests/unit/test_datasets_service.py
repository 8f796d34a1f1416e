"""The client of NCBI Datasets against a server that speaks its interface, faults included."""

import datetime
import email.utils
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from oneclone.datasets_answers import FetchRefused, ServiceUnusable
from oneclone.datasets_service import DatasetsService, ServiceSettings
from oneclone.partial_file import PartialFile
from oneclone.tables.assembly_package import unpack_assembly
from oneclone.tables.zip_files import ZipRefused
from tests.archive import Archive, body, cut, cut_chunked, package, page, stall, status

ACCESSION = "GCF_000069185.1"
LIMIT = 200_000
ENVIRONMENT = [
    "http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "requests_ca_bundle",
    "curl_ca_bundle", "ncbi_api_key",
]  # fmt: skip


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive() as started:
        started.content = started.add(ACCESSION, 1)
        yield started


class Client:
    """A client that waits for nothing and keeps what it says."""

    def __init__(self, archive: Archive, folder: Path, **settings) -> None:
        self.waits: list[float] = []
        self.said: list[str] = []
        self.sizes: list[int] = []
        self.part = PartialFile(folder / "part")
        self.target = folder / "target"
        self.service = DatasetsService(
            ServiceSettings(**{"base_url": archive.base_url, "timeout_s": 5, **settings}),
            say=self.said.append,
            tick=self.sizes.append,
            sleep=self.waits.append,
        )

    def fetch(self, accession: str = ACCESSION) -> bytes:
        self.service.fetch(
            accession,
            self.part,
            LIMIT,
            lambda package: unpack_assembly(package, accession, self.target, LIMIT),
        )
        return self.target.read_bytes()


@pytest.fixture
def client(archive, tmp_path) -> Client:
    return Client(archive, tmp_path)


def test_fetch_asks_as_documented_and_leaves_no_part(archive, client):
    assert client.fetch() == archive.content
    (asked,) = archive.asked
    assert asked.path == (
        f"/datasets/v2/genome/accession/{ACCESSION}/download?include_annotation_type=GENOME_FASTA"
    )
    assert asked.headers["User-Agent"].startswith("oneclone/")
    assert "api-key" not in asked.headers
    assert client.sizes[-1] == len(archive.packages[ACCESSION])
    assert not client.part.path.exists()
    assert client.waits == []


def test_fetch_sends_the_key_but_to_no_other_host(archive, tmp_path):
    with Archive() as other:
        other.add(ACCESSION, 2)
        target = f"{other.base_url}/genome/accession/{ACCESSION}/download"
        archive.faults[ACCESSION] = [status(307, Location=target)]
        Client(archive, tmp_path, api_key="secret").fetch()
        assert archive.asked[0].headers["api-key"] == "secret"
        assert "api-key" not in other.asked[0].headers
    assert "secret" not in repr(ServiceSettings(api_key="secret"))


def test_fetch_waits_as_long_as_the_service_asks(archive, client):
    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=100)
    archive.faults[ACCESSION] = [
        status(429, "slow down", Retry_After="7"),
        status(503, Retry_After=email.utils.format_datetime(then, usegmt=True)),
        status(503, Retry_After="soon"),
    ]
    assert client.fetch() == archive.content
    assert client.waits[0] == 7
    assert 95 <= client.waits[1] <= 100
    assert client.waits[2] == 4  # the third attempt, no usable header
    assert client.said[0] == (
        f"{ACCESSION}: the service answered 429: slow down; trying again in 7 s"
    )


def test_fetch_service_that_asks_for_an_hour_is_not_waited_for(archive, client):
    archive.faults[ACCESSION] = [status(429, Retry_After="3600")]
    with pytest.raises(ServiceUnusable, match="asks to wait 3600 s, so try again later"):
        client.fetch()
    assert client.waits == []


def test_fetch_tries_again_after_errors_of_the_server_with_growing_pauses(archive, client):
    archive.faults[ACCESSION] = [status(500), status(502), status(504)]
    assert client.fetch() == archive.content
    assert client.waits == [1, 2, 4]


def test_fetch_gives_up_after_the_retries(archive, tmp_path):
    client = Client(archive, tmp_path, retries=2)
    archive.faults[ACCESSION] = [status(500, "out of order")] * 9
    with pytest.raises(FetchRefused, match="500: out of order; tried 3 times; run the command"):
        client.fetch()
    assert len(archive.downloads()) == 3


@pytest.mark.parametrize("fault", [cut, cut_chunked])
def test_fetch_broken_connection_starts_again_where_ranges_are_not_served(archive, client, fault):
    archive.faults[ACCESSION] = [fault(20_000)]
    assert client.fetch() == archive.content
    assert "the connection broke off" in client.said[0]
    assert "Range" not in archive.asked[1].headers


def test_fetch_broken_connection_goes_on_where_ranges_are_served(archive, client):
    archive.ranges = True
    archive.faults[ACCESSION] = [cut(20_000), status(500), cut(5_000)]
    assert client.fetch() == archive.content
    asked = [each.headers.get("Range") for each in archive.asked]
    assert asked[0] is None
    assert asked[1] == asked[2] == "bytes=16384-"
    assert client.sizes[-1] == len(archive.packages[ACCESSION])


def test_fetch_goes_on_with_the_part_of_an_earlier_process(archive, tmp_path):
    archive.ranges = True
    archive.faults[ACCESSION] = [cut(20_000)]
    with pytest.raises(FetchRefused):
        Client(archive, tmp_path, retries=0).fetch()
    client = Client(archive, tmp_path)
    assert client.fetch() == archive.content
    assert archive.asked[-1].headers["Range"] == "bytes=16384-"


def test_fetch_part_of_other_content_is_not_gone_on_with(archive, tmp_path):
    archive.ranges = True
    archive.faults[ACCESSION] = [cut(20_000)]
    with pytest.raises(FetchRefused):
        Client(archive, tmp_path, retries=0).fetch()
    with Archive(ranges=True) as other:
        content = other.add(ACCESSION, 2)
        client = Client(other, tmp_path)
        assert client.fetch() == content
        assert "Range" not in other.asked[0].headers


def test_fetch_part_that_the_server_cannot_go_on_with_is_thrown_away(archive, client):
    archive.ranges = True
    wrong = {"Content-Range": "bytes 7-9/10"}
    archive.faults[ACCESSION] = [
        cut(20_000),
        lambda handler: handler.answer(206, b"xyz", **wrong),
        cut(20_000),
        status(416),
    ]
    assert client.fetch() == archive.content
    assert [each.headers.get("Range") for each in archive.asked] == [
        None, "bytes=16384-", None, "bytes=16384-", None,
    ]  # fmt: skip


def test_fetch_damaged_package_is_asked_for_again(archive, client):
    whole = archive.packages[ACCESSION]
    wrong = package(ACCESSION, archive.content, checksums=b"0" * 32 + b"  " + name(ACCESSION))
    archive.faults[ACCESSION] = [body(whole[:-40]), body(wrong)]
    assert client.fetch() == archive.content
    assert "cut or corrupt" in client.said[0]
    assert "published is 00000000000000000000000000000000" in client.said[1]


def name(accession: str) -> bytes:
    return f"ncbi_dataset/data/{accession}/{accession}_ASM1_genomic.fna\n".encode()


def test_fetch_unknown_accession_is_named_at_once(client):
    with pytest.raises(FetchRefused, match="the archive does not know this accession"):
        client.fetch("GCF_999999999.1")
    assert client.waits == []


def test_fetch_error_answers_are_final_and_quoted(archive, client):
    archive.faults[ACCESSION] = [status(404, "no such\n thing")]
    with pytest.raises(FetchRefused, match="answered 404: no such thing; check the accession"):
        client.fetch()
    archive.faults[ACCESSION] = [status(200, "not a package")]
    with pytest.raises(FetchRefused, match="answered 200: not a package"):
        client.fetch()
    assert client.waits == []


@pytest.mark.parametrize("fault", [page(), page(511), page(kind="application/zip")])
def test_fetch_web_page_of_a_captive_portal_stops_everything(archive, client, fault):
    archive.faults[ACCESSION] = [fault]
    with pytest.raises(ServiceUnusable, match="web page came instead|access was refused"):
        client.fetch()
    assert client.waits == []


def test_fetch_refused_access_stops_everything(archive, client):
    archive.faults[ACCESSION] = [status(403, "API key invalid")]
    with pytest.raises(ServiceUnusable, match="403: API key invalid; check NCBI_API_KEY"):
        client.fetch()


def test_fetch_service_that_falls_silent_is_asked_again(archive, tmp_path):
    client = Client(archive, tmp_path, timeout_s=0.1)
    archive.faults[ACCESSION] = [stall(20_000)]
    assert client.fetch() == archive.content
    assert "no byte came for 0.1 s" in client.said[0]


def test_fetch_without_a_connection_stops_everything(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        client = Client(Archive(url=f"http://127.0.0.1:{port}"), tmp_path, retries=1)
        with pytest.raises(ServiceUnusable, match="no connection to the service .*tried 2 times"):
            client.fetch()
    assert client.waits == [1]


def test_fetch_endless_answer_is_cut_off(archive, client):
    archive.faults[ACCESSION] = [body(b"PK" * LIMIT)]
    with pytest.raises(FetchRefused, match="more than 200000 bytes"):
        client.fetch()
    assert not client.part.path.exists()


def test_fetch_other_assembly_is_refused_without_another_try(archive, client):
    archive.packages[ACCESSION] = package("GCF_000069185.2", archive.content)
    with pytest.raises(ZipRefused, match="holds GCF_000069185.2 instead"):
        client.fetch()
    assert len(archive.downloads()) == 1


def test_fetch_goes_through_the_proxy_of_the_environment(archive, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", archive.url)
    client = Client(archive, tmp_path, base_url="http://archive.invalid/datasets/v2")
    assert client.fetch() == archive.content
    assert archive.asked[0].path.startswith("http://archive.invalid/datasets/v2/genome/")


def test_fetch_proxy_is_left_out_for_hosts_of_no_proxy(archive, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ServiceUnusable, match="no connection to the proxy"):
        Client(archive, tmp_path, retries=0).fetch()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert Client(archive, tmp_path).fetch() == archive.content


def test_service_takes_certificates_from_the_environment(archive, tmp_path, monkeypatch):
    assert Client(archive, tmp_path).service._session.verify is True
    monkeypatch.setenv("SSL_CERT_FILE", "/own.pem")
    assert Client(archive, tmp_path).service._session.verify == "/own.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/requests.pem")  # requests reads this one itself
    assert Client(archive, tmp_path).service._session.verify is True


def test_url_tells_no_password(archive, tmp_path):
    client = Client(archive, tmp_path, base_url="https://me:secret@mirror.example/v2/")
    assert client.service.url(ACCESSION) == (
        f"https://mirror.example/v2/genome/accession/{ACCESSION}/download"
    )
