"""What every answer goes through: the gate, the rate limit, the pool of threads, and the forms of answers and errors."""
