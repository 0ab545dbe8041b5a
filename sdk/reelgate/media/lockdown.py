"""Takes away from this process what a decoder never needs: Linux limits, seccomp and Landlock by ctypes.

Nothing here can be undone; it is called in a child that was forked for one file. Each wall is put up where
the kernel has it, and :func:`walls` says which those are, so that nobody trusts one that is not there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2

_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_RESTRICT_SELF = 446
_LANDLOCK_VERSION = 1

_AUDIT_ARCH_X86_64 = 0xC000003E
_X32_BIT = 0x40000000
_KILL = 0x80000000
_REFUSE = 0x00050000 | errno.EPERM
_ALLOW = 0x7FFF0000

_ALLOWED = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "munmap": 11, "brk": 12,
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "pwrite64": 18,
    "readv": 19, "writev": 20, "select": 23, "sched_yield": 24, "mremap": 25, "madvise": 28,
    "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "ftruncate": 77, "getrusage": 98, "sysinfo": 99,
    "sigaltstack": 131, "gettid": 186, "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
    "newfstatat": 262, "ppoll": 271, "getrandom": 318, "membarrier": 324,
}
"""System calls on x86_64 that reading, decoding and writing to open files needs."""

_ALLOWED_UNLESS_EXECUTABLE = {"mmap": 9, "mprotect": 10}
"""Memory may be had, code may not: the third argument must not hold PROT_EXEC."""

_FATAL = {
    "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "socketpair": 53,
    "fork": 57, "vfork": 58, "execve": 59, "kill": 62, "creat": 85, "ptrace": 101, "mount": 165, "bpf": 321,
    "memfd_create": 319, "execveat": 322, "io_uring_setup": 425, "process_vm_readv": 310,
}
"""Calls that only hijacked code would make: the process ends at once. Everything else is answered EPERM."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: bytes of memory on top of what is mapped already, CPU and wall seconds,
    bytes of the largest file it writes, and open files."""

    memory: int = 768 << 20
    cpu_seconds: int = 10
    wall_seconds: float = 15.0
    file_bytes: int = 64 << 20
    open_files: int = 16


def walls() -> dict[str, bool]:
    """Which of the walls this kernel and processor offer."""
    linux = sys.platform == "linux"
    return {
        "limits": True,
        "no_new_privs": linux,
        "seccomp": linux and platform.machine() == "x86_64" and Path("/proc/sys/kernel/seccomp").exists(),
        "landlock": linux and landlock_version() > 0,
    }


def lock_down(limits: Limits) -> None:
    """Put up every wall that is offered; raises ``OSError`` when one that is offered cannot be put up."""
    offered = walls()
    _limit(limits)
    if offered["no_new_privs"]:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if offered["landlock"]:
        _landlock()
    if offered["seccomp"]:
        _seccomp()


def landlock_version() -> int:
    """The kernel's Landlock ABI, 0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)))


def _limit(limits: Limits) -> None:
    """POSIX limits, and a timer whose default action ends the process even when Python does not run."""
    mapped = _mapped()
    for kind, soft, hard in (
        (resource.RLIMIT_AS, mapped + limits.memory, mapped + limits.memory),
        # A second between the two, so that the signal tells that it was the CPU.
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, most = resource.getrlimit(kind)
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(kind, (soft, hard))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)


def _mapped() -> int:
    """Bytes of address space in use (statm's first field), 0 where it is not told."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _prctl(option: int, *values: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if libc.prctl(ctypes.c_int(option), *arguments):
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {option}: {os.strerror(code)}")


def _landlock() -> None:
    """Handle every kind of access the kernel knows and allow none: no file can be opened any more."""
    version = landlock_version()
    files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    rules = struct.pack("=Q", files)
    if version >= 4:
        rules += struct.pack("=Q", 0b11)  # bind and connect TCP
    if version >= 6:
        rules += struct.pack("=Q", 0b11)  # abstract sockets and signals outside
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.c_char_p(rules), ctypes.c_size_t(len(rules)), 0)
    if made < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    refused = libc.syscall(_LANDLOCK_RESTRICT_SELF, made, 0)
    os.close(made)
    if refused:
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")


def program() -> bytes:
    """The seccomp filter as classic BPF (``struct sock_filter`` each: code, jump true, jump false, value)."""
    load, equal, at_least, has_bits, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    code: list[tuple[int, int, int, int]] = [
        (load, 0, 0, 4),
        (equal, 1, 0, _AUDIT_ARCH_X86_64),
        (answer, 0, 0, _KILL),
        (load, 0, 0, 0),
        (at_least, 0, 1, _X32_BIT),
        (answer, 0, 0, _KILL),
    ]
    for number in _FATAL.values():
        code += [(equal, 0, 1, number), (answer, 0, 0, _KILL)]
    for number in _ALLOWED_UNLESS_EXECUTABLE.values():
        code += [
            (equal, 0, 4, number),
            (load, 0, 0, 16 + 2 * 8),
            (has_bits, 0, 1, 4),
            (answer, 0, 0, _REFUSE),
            (answer, 0, 0, _ALLOW),
        ]
    for number in _ALLOWED.values():
        code += [(equal, 0, 1, number), (answer, 0, 0, _ALLOW)]
    code.append((answer, 0, 0, _REFUSE))
    return b"".join(struct.pack("=HBBI", *line) for line in code)


def _seccomp() -> None:
    """Install :func:`program`."""
    lines = program()
    kept = ctypes.create_string_buffer(lines, len(lines))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(lines) // 8, ctypes.addressof(kept)))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))
