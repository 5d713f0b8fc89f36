"""What every request passes through: gate, rate limit, thread pool, formats of responses and errors."""
