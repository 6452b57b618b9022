"""The faults, each a function on the world; a round does them all, in an order of its own.

A fault counts when it hit something: a process that was there, a connection that was in use, a
lease that was held, a write that failed.
"""

import resource
import signal
import time
from collections.abc import Callable
from datetime import timedelta

from deployment import wait_until

from faults.proxy import Proxy
from faults.world import World

HITS_WITHIN = 20.0  # seconds in which something to strike has to come by
FULL = 2_048  # bytes that a file may have on a disk that is full


def kills(world: World, times: int) -> None:
    """Workers die at random moments."""
    for _ in range(times):
        time.sleep(world.chance.uniform(0.5, 4.0))
        world.counts["worker killed"] += world.kill_a_worker()


def child_killed(world: World) -> None:
    """A process dies while something waits for it to be taken in; its worker lives on."""
    for _ in range(2):
        _half_an_hour_passes(world)  # so that there is something new
        if wait_until(world.kill_a_child, HITS_WITHIN, 0.05):
            world.counts["child killed"] += 1
        time.sleep(world.chance.uniform(0.5, 2.0))


def broker_restarted(world: World) -> None:
    """The broker goes away for a while, in order or by a power cut."""
    world.node.stop(hard=world.chance.random() < 0.5)
    time.sleep(world.chance.uniform(0.5, 2.0))
    world.node.start()
    world.counts["broker restarted"] += 1


def broker_cut_off(world: World) -> None:
    """The network swallows what is sent to the broker; the sockets stay open."""
    _turn(world, world.broker, "freeze", 8.0, "broker cut off")


def store_refuses(world: World) -> None:
    """S3 answers 500, 503 SlowDown, nothing at all, or loses its answers."""
    for mode in world.chance.sample(["busy", "error", "hang", "mute"], 4):
        _turn(world, world.s3, mode, 2.0, f"store {mode}")
        time.sleep(0.5)


def _turn(world: World, proxy: Proxy, mode: str, seconds: float, name: str) -> None:
    """Let a proxy be of no help for a while, from the first connection on that it strikes."""
    before = proxy.struck
    proxy.turn(mode)
    wait_until(lambda: proxy.struck > before, HITS_WITHIN, 0.05)
    time.sleep(seconds)
    proxy.turn("forward")
    world.counts[name] += proxy.struck > before


def disk_full(world: World) -> None:
    """The disk below the store takes nothing more."""
    unlimited = resource.prlimit(world.s3_server_pid, resource.RLIMIT_FSIZE)
    resource.prlimit(world.s3_server_pid, resource.RLIMIT_FSIZE, (FULL, unlimited[1]))
    time.sleep(3.0)
    world.counts["disk full"] += not world.store_takes(2 * FULL)
    resource.prlimit(world.s3_server_pid, resource.RLIMIT_FSIZE, unlimited)


def provider_fails(world: World) -> None:
    """The providers answer 429, 500, 502, HTML, half a body, and forget what they know."""
    seed = world.chance.randrange(1 << 30)
    for name in ("too_many", "html", "half_body", "reset", "expired_token", "expired_cursor"):
        world.simulator.fault(name, count=2, probability=0.3, seed=seed)
    for status in (500, 502):
        world.simulator.fault("server_error", status=status, count=2, probability=0.3, seed=seed)
    for name in ("repeated_page", "empty_page"):
        world.simulator.fault(name, count=2, probability=0.5, seed=seed)
    world.simulator.fault("clock_off", seconds=world.chance.choice([-300, 300]))
    world.counts["provider's clock off"] += 1
    time.sleep(6.0)
    world.simulator.fault("clock_off", seconds=0)


def two_at_one_stream(world: World) -> None:
    """A worker stands still while it stores; when it goes on, another has done its work."""
    for _ in range(2):
        _suspend(world)


def _suspend(world: World) -> None:
    before = world.s3.struck
    world.s3.turn("slow")  # what was received now waits between reading a cursor and writing it
    _half_an_hour_passes(world)
    wait_until(lambda: world.s3.struck > before, HITS_WITHIN, 0.05)
    time.sleep(world.chance.uniform(1.0, 2.0))
    world.counts["store slow"] += world.s3.struck > before
    suspended = world.chance.choice(world.collecting)
    suspended.signal(signal.SIGSTOP)
    world.counts["worker suspended"] += suspended.started.poll() is None
    world.s3.turn("forward")
    for _ in range(3):
        world.counts["lease lost"] += world.drop_leases()
        _half_an_hour_passes(world)
        time.sleep(world.chance.uniform(3.5, 4.5))
    wait_until(lambda: not world.unsettled(world.start), 40.0, 1.0)
    suspended.signal(signal.SIGCONT)
    for _ in range(2):
        world.counts["lease lost"] += world.drop_leases()
        _half_an_hour_passes(world)
        time.sleep(world.chance.uniform(2.0, 4.0))


def _half_an_hour_passes(world: World) -> None:
    world.pass_time(timedelta(minutes=world.chance.uniform(20, 40)))


def configuration_changed(world: World) -> None:
    """A tenant is added, after a moment in which the file made no sense."""
    world.configure(broken=True)
    time.sleep(6.0)
    world.tenants.append(f"tenant{len(world.tenants)}")
    world.configure(share=world.chance.choice([0.9, 1.0]))
    world.counts["configuration changed"] += 1


def hours_pass(world: World) -> None:
    """Time goes on, and events that are late come."""
    world.pass_time(timedelta(hours=world.chance.uniform(0.2, 5)))


ALL: tuple[Callable[[World], None], ...] = (
    child_killed,
    broker_restarted,
    broker_cut_off,
    store_refuses,
    disk_full,
    provider_fails,
    two_at_one_stream,
    hours_pass,
)


def one_round(world: World, number: int, worker_kills: int) -> None:
    """Do every fault once, and kills of workers among them."""
    strikes = [*ALL, *([configuration_changed] if number == 0 else [])]
    world.chance.shuffle(strikes)
    each = worker_kills / len(strikes)
    for place, strike in enumerate(strikes):
        kills(world, round(each * (place + 1)) - round(each * place))
        strike(world)
        world.supervise()
