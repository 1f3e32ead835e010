"""boto3 with its connections pointed at a Unix socket; the service model is botocore's own."""

import socket

import boto3
import botocore.awsrequest
from botocore.config import Config
from botocore.exceptions import ClientError


def fails(code, call, *words):
    """Asserts that `call` is refused with `code`, and that the message has the words."""
    try:
        call()
    except ClientError as error:
        got = error.response["Error"]
        assert got["Code"] == code, error
        for word in words:
            assert word in got["Message"], (word, got["Message"])
        return
    raise AssertionError(f"expected {code}")


def client(path):
    class UnixConnection(botocore.awsrequest.AWSHTTPConnection):
        def _new_conn(self):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.connect(path)
            return connection

    botocore.awsrequest.AWSHTTPConnectionPool.ConnectionCls = UnixConnection
    return boto3.client(
        "acm-pca",
        endpoint_url="http://localhost",
        region_name="us-local-1",
        aws_access_key_id="unused",
        aws_secret_access_key="unused",
        config=Config(retries={"max_attempts": 1}),
    )
