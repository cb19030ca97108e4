#!/usr/bin/env python3
"""Makes the BuildKit inside dockerd a BuildKit endpoint as buildkitd offers it.

  bridge.py SOCKET PORT [CERTIFICATES]

Listens on 127.0.0.1:PORT and passes what comes to dockerd's socket, whose POST /grpc becomes a gRPC connection. With
a folder of certificates it serves TLS 1.3 as buildkitd does with --tlscert, --tlskey and --tlscacert: server.crt and
server.key, a client certificate of ca.crt demanded where that file exists, all read once, at the start. A client that
is refused sees its connection reset, where buildkitd would send an alert. Prints "ready".

On SIGTERM it does as buildkitd does: it listens no longer (and prints "draining"), and ends when its last client has gone.
"""
import asyncio
import os
import signal
import ssl
import sys

SOCKET, PORT, *CERTIFICATES = sys.argv[1:]
UPGRADE = b"POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n"
CHUNK = 1 << 20
CLIENTS = set()


def tls(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(f"{folder}/server.crt", f"{folder}/server.key")
    context.set_alpn_protocols(["h2"])
    if os.path.exists(f"{folder}/ca.crt"):
        context.load_verify_locations(f"{folder}/ca.crt")
        context.verify_mode = ssl.CERT_REQUIRED
    return context


async def copy(reader, writer):
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        pass  # one side is gone; closing tells the other
    finally:
        writer.close()


async def serve(client, to_client):
    CLIENTS.add(asyncio.current_task())
    asyncio.current_task().add_done_callback(CLIENTS.discard)
    engine, to_engine = await asyncio.open_unix_connection(SOCKET, limit=CHUNK)
    to_engine.write(UPGRADE)
    answer = await engine.readuntil(b"\r\n\r\n")
    if not answer.startswith(b"HTTP/1.1 101"):
        raise SystemExit(f"dockerd refuses to speak gRPC: {answer!r}")
    await asyncio.gather(copy(client, to_engine), copy(engine, to_client))


async def main():
    context = tls(CERTIFICATES[0]) if CERTIFICATES else None
    server = await asyncio.start_server(serve, "127.0.0.1", int(PORT), ssl=context, limit=CHUNK)
    end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
    print("ready", flush=True)
    await end.wait()
    server.close()
    print("draining", flush=True)
    while CLIENTS:
        await asyncio.wait(CLIENTS)


asyncio.run(main())
