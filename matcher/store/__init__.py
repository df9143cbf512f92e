"""Every query and write, a file per noun; each takes the session and never commits."""
