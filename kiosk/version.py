"""The software's version: on every receipt, in every sale, in each heartbeat."""

VERSION = "0.1.0"
