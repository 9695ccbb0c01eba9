"""Python in the page: what runs a reader's cells inside the browser's worker (worker.js starts it)."""
