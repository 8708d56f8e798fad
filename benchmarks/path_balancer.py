"""`python -m benchmarks.path_balancer`: a stand-in for a load balancer; each new connection goes to the next server."""

from __future__ import annotations

import argparse
import asyncio
from itertools import cycle

CHUNK = 65_536


class Balancer:
    """Passes bytes on between a client and the server whose turn it is. A server that is away is passed over."""

    def __init__(self, ports: list[int]) -> None:
        self._count = len(ports)
        self._turns = cycle(ports)

    async def serve(self, port: int) -> None:
        """Listen on loopback until cancelled."""
        server = await asyncio.start_server(self._meet, "127.0.0.1", port)
        async with server:
            await server.serve_forever()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(self._count):
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", next(self._turns))
            except OSError:
                continue
            await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
            return
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while content := await reader.read(CHUNK):
            writer.write(content)
            await writer.drain()
    except ConnectionError:
        return
    finally:
        writer.close()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.path_balancer", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--to", type=int, nargs="+", required=True, help="ports of the servers")
    given = parser.parse_args()
    asyncio.run(Balancer(given.to).serve(given.port))


if __name__ == "__main__":
    main()
