"""Cases (事件): matters that somebody must deal with, from the message to the last signature."""
