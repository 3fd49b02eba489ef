"""Runs a server, and ends it when whoever started it is gone: `guard.py FOLDER SERVER ARGUMENTS…`.

Standard input is a pipe that the starter holds open. When it closes, the server is asked to end, and killed three seconds later. A starter
that wants the server to end writes a byte before; one that is gone, however it went, has not, and the server's folder is removed for it.
Ends with the server's own code when the server ends by itself.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading

PATIENCE = 3
PR_SET_PDEATHSIG = 1


def end_with_the_guard():
    """Should the guard itself be killed, Linux kills the server. Elsewhere it cannot be asked for."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main():
    # A terminal's Ctrl-C reaches the starter too, and its end is ours.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder, *command = sys.argv[1:]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=end_with_the_guard, start_new_session=True)

    gone = threading.Event()

    def wait_for_the_starter():
        if not os.read(0, 1):
            gone.set()
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()

    threading.Thread(target=wait_for_the_starter, daemon=True).start()
    code = server.wait()
    if gone.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
