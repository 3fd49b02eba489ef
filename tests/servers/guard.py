"""Runs a server, and ends it when whoever started it is gone: `guard.py SERVER ARGUMENTS…`.

Standard input is a pipe that the starter holds open and never writes to. When it closes, because the starter wants the server to end or
because it died, however it died, the server is asked to end, and killed three seconds later. Ends with the server's own code when the server ends by
itself.
"""

import ctypes
import os
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
    server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, preexec_fn=end_with_the_guard, start_new_session=True)

    def wait_for_the_starter():
        while os.read(0, 1):
            pass
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()

    threading.Thread(target=wait_for_the_starter, daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    sys.exit(main())
