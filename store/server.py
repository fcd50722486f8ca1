"""The HTTP server as a service of systemd: it says when it answers, and keeps the watchdog fed from its own loop."""

import uvicorn

from kiosk import notify

EVERY = 50  # ticks of a tenth of a second


class Server(uvicorn.Server):
    async def on_tick(self, counter: int) -> bool:
        """Ten times a second, the first time when the port is open and the application has started."""
        if counter == 0 and not self.should_exit:
            notify.ready("open")
        elif counter % EVERY == 0:
            notify.watchdog()
        return await super().on_tick(counter)
