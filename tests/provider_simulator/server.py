"""The HTTP server: addresses of the form `/<provider>/<tenant>/<path of the provider>`."""

import asyncio
import logging
import re
import socket
import struct

from aiohttp import web

from provider_simulator import control
from provider_simulator.exchange import Answer, Call, json_answer
from provider_simulator.provider import known
from provider_simulator.world import World

TENANT = re.compile("[a-z0-9][a-z0-9-]{0,62}")


class Broken(ConnectionResetError):
    """A connection was broken on purpose."""


class Server:
    """Answers for all providers of a world, and for the control of the world itself."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        first, _, rest = request.path[1:].partition("/")
        if first == "_control":
            answer = control.answer(self.world, request.method, rest, request.query, body)
            return _response(answer)
        tenant, _, path = rest.partition("/")
        provider = known().get(first)
        if provider is None or not TENANT.fullmatch(tenant):
            return _response(json_answer({"error": f"no provider and tenant: {request.path}"}, 404))
        base = f"http://{request.host}/{first}/{tenant}"
        now = self.world.now(provider.name)
        headers = request.headers
        call = Call(request.method, f"/{path}", request.query, headers, body, base, now)
        answer = self.world.answer(provider, tenant, call)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        response = await _sent(request, answer)
        self.world.sent(provider, tenant, answer)
        return response


def _response(answer: Answer) -> web.Response:
    headers = {"Content-Type": answer.content_type} | answer.headers
    return web.Response(status=answer.status, body=answer.body, headers=headers)


async def _sent(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Return the response for the server to send; one that breaks is sent here, and broken."""
    if not answer.broken:
        return _response(answer)
    transport = request.transport
    assert transport is not None
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    if answer.broken == "half_body":
        response.content_type = answer.content_type
        response.content_length = len(answer.body)
        await response.prepare(request)
        await response.write(answer.body[: len(answer.body) // 2])
        transport.close()
    else:
        # To linger for no time makes the kernel reset the connection.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    raise Broken


def _not_on_purpose(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], Broken))


async def serve(world: World, port: int) -> tuple[web.ServerRunner, int]:
    """Listen on loopback; port 0 takes a free one. Returns what to clean up, and the port."""
    logging.getLogger("aiohttp.server").addFilter(_not_on_purpose)
    # Slow answers are not waited for at the end.
    server = web.Server(Server(world).handle, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, backlog=2048)
    await site.start()
    (address, *_) = runner.addresses
    return runner, address[1]
