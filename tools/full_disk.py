"""What to say where a build finds the disk full."""

import errno

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # no space; the user's share is used up; a file may not grow
REMEDY = ("The disk is full, or your share of it: {}. Make room (the environment takes 2.5 GB, the site 0.1 GB), then "
          "run the same command again: it takes nothing half-written for whole.")


def remedy(error: BaseException | None) -> str | None:
    """What happened and what to do, if a full disk is the cause of this error."""
    while error is not None:
        if getattr(error, "errno", None) in FULL or "disk is full" in str(error):
            return REMEDY.format(str(error).splitlines()[0])
        error = error.__cause__ or error.__context__
    return None
