"""A name server on loopback that knows what a test tells it, and a resolver that asks nobody else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.resolver import Resolver

Zone = dict[tuple[str, str], list[str]]


@contextmanager
def open_name_server(zone: Zone) -> Iterator[Resolver]:
    """Answer questions about the names of a zone for the length of a block."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, zone), daemon=True)
        thread.start()
        yield resolver_at(server.getsockname()[1])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
            stop.sendto(b"stop", server.getsockname())
        thread.join()


def resolver_at(port: int) -> Resolver:
    """Make a resolver that asks one port of loopback."""
    resolver = Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    return resolver


def _serve(server: socket.socket, zone: Zone) -> None:
    while (asked := server.recvfrom(4096))[0] != b"stop":
        server.sendto(_answer(dns.message.from_wire(asked[0]), zone).to_wire(), asked[1])


def _answer(query: dns.message.Message, zone: Zone) -> dns.message.Message:
    question = query.question[0]
    kind = question.rdtype.name
    answer = dns.message.make_response(query)
    found = zone.get((question.name.to_text(omit_final_dot=True), kind), [])
    if found:
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
    else:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    answer.flags |= dns.flags.RA
    return answer
