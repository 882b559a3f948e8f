"""Downloads, from a server on this machine that misbehaves as the real ones do."""

import json
import re
import sys

import platformdirs
import pytest
from werkzeug import Response

from wardmap import cli, read_population, read_wards
from wardmap.errors import DownloadError, InputError, RepairWarning
from wardmap.read import fetch_population, fetch_wards
from wardmap.read.fetch import http

DISTRICTS = {"Testshire": ("E07000001", 5), "King's Test": ("E07000002", 2), "x' OR '1'='1": ("E07000003", 1)}


def features():
    """Wards in a row, a hundredth of a degree wide, district after district."""
    for district, (lad, wards) in DISTRICTS.items():
        for n in range(wards):
            west, east = (round(-2 + 0.01 * at + int(lad[-1]), 2) for at in (n, n + 1))
            ring = [[west, 52], [east, 52], [east, 52.01], [west, 52.01], [west, 52]]
            code = f"E0500{lad[-1]}{n:03d}"
            properties = {"WD23CD": code, "WD23NM": f"Ward {n}", "LAD23CD": lad, "LAD23NM": district}
            geometry = {"type": "Polygon", "coordinates": [ring]}
            yield {"type": "Feature", "properties": properties, "geometry": geometry}


class Layer:
    """An ArcGIS layer that gives at most two wards a page, and follows the question to the letter."""

    def __init__(self, server):
        self.path = "/rest/services/Wards/FeatureServer/0"
        self.url = server.url_for(self.path)
        self.asked = []
        self.answer = lambda _: None
        server.expect_request(self.path).respond_with_handler(self.about)
        server.expect_request(f"{self.path}/query").respond_with_handler(self.query)

    def about(self, request):
        fields = ["OBJECTID", "WD23CD", "WD23NM", "LAD23CD", "LAD23NM", "BNG_E"]
        return self.reply(request, {"fields": [{"name": name} for name in fields], "maxRecordCount": 2})

    def query(self, request):
        asked = request.args
        where = re.fullmatch(r"(LAD23\w\w)='((?:[^']|'')*)'", asked["where"])
        assert where or asked["where"] == "1=1", asked["where"]  # nothing else gets through
        kept = list(features())
        if where:
            kept = [f for f in kept if f["properties"][where[1]] == where[2].replace("''", "'")]
        if asked.get("returnCountOnly"):
            return self.reply(request, {"count": len(kept)})
        if asked.get("returnDistinctValues"):
            return self.reply(
                request, {"features": [{"attributes": {"LAD23NM": name}} for name in DISTRICTS]}
            )
        start = int(asked["resultOffset"])
        page = kept[start : start + int(asked["resultRecordCount"])]
        return self.reply(request, {"type": "FeatureCollection", "features": page})

    def reply(self, request, body):
        self.asked.append(request.args)
        return self.answer(request) or Response(json.dumps(body), mimetype="application/json")


@pytest.fixture
def layer(httpserver, monkeypatch):
    monkeypatch.setattr(http, "_WAIT", 0.001)
    return Layer(httpserver)


def paged(request):
    return "resultOffset" in request.args


def test_all_pages_arrive_and_are_wards_that_can_be_read(layer, tmp_path):
    wards = read_wards(fetch_wards("Testshire", url=f"{layer.url}/query", folder=tmp_path))
    assert wards.index.tolist() == [f"E05001{n:03d}" for n in range(5)]
    assert wards["district"].unique().tolist() == ["Testshire"]
    assert wards["vintage"].astype(str).unique().tolist() == ["2023"]
    assert [a["resultOffset"] for a in layer.asked if "resultOffset" in a] == ["0", "2", "4"]


def test_a_district_can_be_named_by_its_code(layer, tmp_path):
    assert len(read_wards(fetch_wards("E07000002", url=layer.url, folder=tmp_path))) == 2


@pytest.mark.parametrize("district", ["King's Test", "x' OR '1'='1"])
def test_a_quote_in_a_name_stays_part_of_the_name(layer, tmp_path, district):
    wards = read_wards(fetch_wards(district, url=layer.url, folder=tmp_path))
    assert len(wards) == DISTRICTS[district][1]
    assert wards["district"].unique().tolist() == [district]


def test_a_second_call_needs_no_server_and_refresh_asks_again(layer, tmp_path):
    path = fetch_wards("Testshire", url=layer.url, folder=tmp_path)
    before = len(layer.asked)
    assert fetch_wards("Testshire", url=layer.url, folder=tmp_path) == path
    assert len(layer.asked) == before
    fetch_wards("Testshire", url=layer.url, folder=tmp_path, refresh=True)
    assert len(layer.asked) == 2 * before


def test_a_kept_file_that_was_changed_is_fetched_again(layer, tmp_path):
    path = fetch_wards("Testshire", url=layer.url, folder=tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    with pytest.warns(RepairWarning, match="has changed since it was downloaded"):
        fetch_wards("Testshire", url=layer.url, folder=tmp_path)
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "busy",
    [
        Response("busy", status=503),
        Response("slow down", status=429),
        Response(json.dumps({"error": {"code": 504, "message": "busy"}})),
    ],
)
def test_a_busy_server_is_asked_again(layer, tmp_path, busy):
    answers = iter([busy, busy])
    layer.answer = lambda request: next(answers, None) if paged(request) else None
    assert len(read_wards(fetch_wards("Testshire", url=layer.url, folder=tmp_path))) == 5


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Response("busy", status=503), r"did not answer(.|\n)*asked 5 times; the last time: status 503"),
        (Response("no", status=404), r"refused: status 404(.|\n)*it said: 'no'"),
        (Response(json.dumps({"error": {"code": 400, "message": "Invalid URL"}})), "Invalid URL"),
        (Response("<html>portal</html>"), r"not answer in JSON(.|\n)*<html>portal"),
        (Response("[]"), "did not answer with an object"),
        (Response(json.dumps({"features": []})), "counted: 5, given: 0"),
    ],
)
def test_what_a_server_does_wrong_is_said_and_nothing_is_kept(layer, tmp_path, answer, says):
    layer.answer = lambda request: answer if paged(request) else None
    with pytest.raises(DownloadError, match=says):
        fetch_wards("Testshire", url=layer.url, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_stops_half_way_is_not_kept(layer, tmp_path):
    layer.answer = lambda request: (
        Response(json.dumps({"features": []})) if request.args.get("resultOffset") == "2" else None
    )
    with pytest.raises(DownloadError, match="counted: 5, given: 2"):
        fetch_wards("Testshire", url=layer.url, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_ignores_the_offset_is_found_out(layer, tmp_path):
    page = Response(json.dumps({"features": list(features())[:2]}))
    layer.answer = lambda request: page if paged(request) else None
    with pytest.raises(DownloadError, match="given: 6, different: 2"):
        fetch_wards("Testshire", url=layer.url, folder=tmp_path)


def test_a_wrong_district_is_answered_with_those_nearest(layer, tmp_path):
    with pytest.raises(InputError, match=r"no district 'Testshir'(.|\n)*nearest first: 'Testshire'"):
        fetch_wards("Testshir", url=layer.url, folder=tmp_path)


def test_an_address_that_is_none_is_an_error_at_once(tmp_path):
    with pytest.raises(InputError, match="not a web address"):
        fetch_wards("Testshire", url="/etc/hosts", folder=tmp_path)


def test_a_layer_without_fields_is_none(layer, tmp_path):
    layer.answer = lambda _: Response(json.dumps({"layers": []}))
    with pytest.raises(DownloadError, match="not that of a layer"):
        fetch_wards("Testshire", url=layer.url, folder=tmp_path)


HEADER = '"DATE","GEOGRAPHY_CODE","GEOGRAPHY_NAME","OBS_VALUE","RECORD_COUNT"\n'
PEOPLE = [("E05001000", "Ward, 0", 4000), ("E05001001", "Ward 1", 5000), ("E05001002", "Ward 2", 6000)]


def nomis(server, rows=PEOPLE, *, page=2, date="2022"):
    """Serve rows as Nomis does, `page` at a time, each with the number of all."""

    def answer(request):
        wanted = request.args["geography"].split(",")
        kept = [row for row in rows if row[0] in wanted]
        start = int(request.args["RecordOffset"])
        lines = [
            f'"{date}","{c}","{n}",{people},{len(kept)}\n' for c, n, people in kept[start : start + page]
        ]
        return Response(HEADER + "".join(lines), mimetype="text/csv")

    server.expect_request("/data.csv").respond_with_handler(answer)
    return server.url_for("/data.csv")


def test_populations_arrive_page_by_page_and_can_be_read(httpserver, tmp_path):
    path = fetch_population(["e05001002 ", "E05001000", "E05001001"], url=nomis(httpserver), folder=tmp_path)
    people = read_population(path)
    assert people["population"].to_dict() == {code: number for code, _, number in PEOPLE}
    assert "2022" in str(people["population_method"].iloc[0])


def test_areas_that_the_data_set_does_not_know_are_named(httpserver, tmp_path):
    with pytest.raises(InputError, match=r"does not know 1 area(.|\n)*'E05009999'"):
        fetch_population(["E05001000", "E05009999"], url=nomis(httpserver), folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_codes_are_no_question(tmp_path):
    with pytest.raises(InputError, match="no codes"):
        fetch_population([], folder=tmp_path)


def test_two_numbers_for_one_area_are_refused(httpserver, tmp_path):
    with pytest.raises(DownloadError, match=r"more than one number(.|\n)*rows: 2 for 1 area"):
        fetch_population(["E05001000"], url=nomis(httpserver, [PEOPLE[0]] * 2), folder=tmp_path)


def test_an_answer_that_is_no_table_is_quoted(httpserver, tmp_path):
    httpserver.expect_request("/data.csv").respond_with_data("Error: dataset not found\nsee help\n")
    with pytest.raises(DownloadError, match="it said: 'Error: dataset not found"):
        fetch_population(["E05001000"], url=httpserver.url_for("/data.csv"), folder=tmp_path)


def test_the_commands_write_files_that_can_be_read(layer, httpserver, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda _: tmp_path / "cache")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["wardmap", "fetch", *words])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code

    assert run("wards", "--district", "Testshire", "--url", layer.url) == 0
    rows = [(code, name, 1000) for code, name in read_wards("wards.geojson")["ward_name"].items()]
    assert run("population", "--wards", "wards.geojson", "--url", nomis(httpserver, rows)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "5 wards of Testshire: wards.geojson",
        "5,000 people in 5 wards: population.csv",
    ]
    assert len(read_population("population.csv")) == 5
    assert "is there already" in run("wards", "--district", "Testshire", "--url", layer.url)
