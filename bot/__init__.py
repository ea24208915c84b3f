"""The program: settings, command line, wiring, intake, outgoing, jobs and logs."""

from __future__ import annotations
