#!/usr/bin/env python3
"""Holds whole messages against the vendors' own clients.

A server on the loopback interface answers Huawei Cloud's client for SMS, and both of Alibaba Cloud's clients for DataWorks,
with the samples of the documentation, and keeps every exchange as it was sent. What the clients send has to be valid by
packetcheck, and what they are sent has to come back from them member by member:

    pip install huaweicloudsdksms==3.1.219 \\
        alibabacloud-dataworks-public20200518==6.0.0 aliyun-python-sdk-dataworks-public==6.1.12
    python3 tests/compare/clients.py --packetcheck target/debug/packetcheck [--keep FOLDER]

Needs Python 3.9 or later. Outside the default test run. Nothing is sent to any other host.
"""

import argparse
import json
import pathlib
import socketserver
import subprocess
import sys
import tempfile
import threading

DATA = pathlib.Path(__file__).resolve().parent.parent / "data/requests/documentation"
TASK = "ef3b9722-07a0-40ae-89b0-889ee96dfc56"


class Server(socketserver.ThreadingTCPServer):
    """Answers each request with `answer`, and keeps both in `exchanges`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = b""
        self.exchanges = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def host(self):
        return "127.0.0.1:%d" % self.server_address[1]


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
        body = self.rfile.read(int(fields.get(b"content-length", b"0")))
        self.server.exchanges.append(head + body + self.server.answer)
        self.wfile.write(self.server.answer)


def answer(file, status=b"200 OK"):
    """A sample of the documentation as a server sends it."""
    text = (DATA / file).read_bytes().replace(b"\r\n", b"\n")
    head, _, body = text.partition(b"\n\n" if b"\n\n" in text else b"\n{")
    body = body if b"\n\n" in text else b"{" + body
    kind = next((line for line in head.split(b"\n") if line.lower().startswith(b"content-type")), b"")
    fields = [b"HTTP/1.1 " + status, kind, b"Content-Length: %d" % len(body), b"Connection: close"]
    return b"\r\n".join(field for field in fields if field) + b"\r\n\r\n" + body, body


def expect(what, found, expected):
    if found != expected:
        sys.exit("%s: expected %r, found %r" % (what, expected, found))


def without_nulls(value):
    """What a client that knows no null makes of JSON."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def huawei(server):
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
    from huaweicloudsdksms.v3 import ShowTaskRequest, SmsClient, UpdateTaskSpeedReq, UpdateTaskSpeedRequest

    credentials = BasicCredentials("access-key", "secret-key", "project")
    client = SmsClient.new_builder().with_credentials(credentials).with_endpoint("http://" + server.host).build()
    server.answer, body = answer("show_task_answer.http")
    task = client.show_task(ShowTaskRequest(task_id=TASK))
    expect("show_task", without_nulls(task.to_json_object()), without_nulls(json.loads(body)))
    server.answer, _ = answer("error_body.http", b"400 Bad Request")
    try:
        client.show_task(ShowTaskRequest(task_id=TASK))
        sys.exit("show_task: expected an error")
    except ClientRequestException as error:
        expect("error", (error.status_code, error.error_code), (400, "SMS.6531"))
    server.answer, _ = answer("report_progress_answer.http")
    report = UpdateTaskSpeedReq(
        subtask_name="ATTACH_AGENT_IMAGE", progress=100, replicatesize=1000, totalsize=2**53 + 1, process_trace="é"
    )
    client.update_task_speed(UpdateTaskSpeedRequest(task_id="a b/c", body=report))


def alibaba(server):
    from alibabacloud_dataworks_public20200518.client import Client
    from alibabacloud_dataworks_public20200518.models import GetMigrationProcessRequest
    from alibabacloud_tea_openapi.models import Config

    config = Config(access_key_id="id", access_key_secret="secret", endpoint=server.host, protocol="http")
    server.answer, body = answer("get_migration_process_answer_json.http")
    request = GetMigrationProcessRequest(project_id=123456, migration_id=123456)
    found = Client(config).get_migration_process(request).body.to_map()
    expect("get_migration_process", found, json.loads(body))


def alibaba_classic(server):
    from aliyunsdkcore.client import AcsClient
    from aliyunsdkdataworks_public.request.v20200518.GetMigrationProcessRequest import GetMigrationProcessRequest

    for method in ["POST", "GET"]:
        request = GetMigrationProcessRequest()
        request.set_method(method)
        request.set_protocol_type("http")
        request.set_endpoint(server.host)
        if method == "GET":
            request.add_query_param("ProjectId", 123456)
            request.add_query_param("MigrationId", 123456)
        else:
            request.set_ProjectId(123456)
            request.set_MigrationId(123456)
        server.answer, body = answer("get_migration_process_answer_json.http")
        found = AcsClient("id", "secret", "cn-shanghai").do_action_with_exception(request)
        expect("GetMigrationProcess by " + method, json.loads(found), json.loads(body))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packetcheck", required=True)
    arguments.add_argument("--keep", type=pathlib.Path, help="a folder for the exchanges as they were sent")
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for client in [huawei, alibaba, alibaba_classic]:
            server = Server()
            client(server)
            for number, exchange in enumerate(server.exchanges, 1):
                files.append(folder / ("%s_%d.http" % (client.__name__, number)))
                files[-1].write_bytes(exchange)
            server.shutdown()
        command = [arguments.packetcheck, "check", "--format", "jsonl", *map(str, files)]
        lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    expect("files that were checked", len(lines), len(files))
    wrong = [line for line in map(json.loads, lines) if line["verdict"] == "invalid"]
    for line in map(json.loads, lines):
        codes = sorted({diagnostic["code"] for diagnostic in line["diagnostics"]})
        print(pathlib.Path(line["path"]).name, line["kind"], line["verdict"], *codes)
    for line in wrong:
        for diagnostic in line["diagnostics"]:
            print("  %s: %s" % (diagnostic["code"], diagnostic["message"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
