"""Work after the visit: the queue, the worker and the clock."""
