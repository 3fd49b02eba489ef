"""A server that answers as Vault and as Secrets Manager do, for one secret: enough for a hello world to show that it works."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = {"token": "not-a-real-token"}
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hello-AbCdEf"
CREATED = "2026-01-01T00:00:00Z"
METADATA = {"created_time": CREATED, "custom_metadata": None, "deletion_time": "", "destroyed": False, "version": 1}
VAULT = {
    "request_id": "1", "lease_id": "", "lease_duration": 0, "renewable": False, "wrap_info": None, "warnings": None, "auth": None,
    "data": {"data": SECRET, "metadata": METADATA},
}
AWS = {
    "ARN": ARN, "Name": "hello", "CreatedDate": 1767225600.0, "VersionId": "00000000-0000-4000-8000-000000000001",
    "VersionStages": ["AWSCURRENT"], "SecretString": json.dumps(SECRET),
}


class Stub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(VAULT)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        is_batch = "BatchGet" in self.headers.get("x-amz-target", "")
        self.answer({"SecretValues": [AWS], "Errors": []} if is_batch else AWS)

    def answer(self, answer):
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def running():
    """The variables that lead both kinds of clients to the server, while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield {
            "VAULT_ADDR": address,
            "VAULT_TOKEN": "not-a-real-vault-token",
            "AWS_ENDPOINT_URL": address,
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-access-key",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    finally:
        server.shutdown()
