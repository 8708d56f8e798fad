"""Run the console: ``python -m console``."""

from __future__ import annotations

from console.app import build
from ramah.observe.logs import configure_logs
from ramah.settings import settings
from ramah.store import Database


def main() -> None:
    """Serve on the configured address until told to stop."""
    config = settings()
    configure_logs(config)
    database = Database(config.database_url)
    app = build(config, database)
    app.run(host=config.console_host, port=config.console_port, single_process=True, access_log=False, motd=False)
    database.close()


if __name__ == "__main__":
    main()
