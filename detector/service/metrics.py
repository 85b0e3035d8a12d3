"""Counters and histograms that `/metrics` shows, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One registry for each service, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "detector_requests", "Requests answered.", ("adapter", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "detector_request_seconds",
            "From the request's headers to the answer's end.",
            ("adapter",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.posts = Counter("detector_posts", "Posts judged.", ("adapter", "verdict"), registry=self.registry)
        self.findings = Counter("detector_findings", "Findings by rule.", ("rule", "kind"), registry=self.registry)
        self.failures = Counter(
            "detector_failures", "Checks without a result.", ("adapter", "reason", "answered"), registry=self.registry
        )
        self.waiting = Gauge("detector_queue_posts", "Posts that wait for an engine.", registry=self.registry)
        self.records = Counter("detector_records", "Checks for the store by fate.", ("fate",), registry=self.registry)
        self.events = Counter("detector_events", "Outgoing events by fate.", ("fate",), registry=self.registry)

    def watch_queue(self, depth: Callable[[], float]) -> None:
        """Show the depth of the queue as it is when somebody asks."""
        self.waiting.set_function(depth)
