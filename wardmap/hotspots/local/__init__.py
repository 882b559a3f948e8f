"""Local and global statistics of how values lie among neighbours."""
