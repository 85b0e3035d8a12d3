"""Pages for people, one file each with `routes(service)`; mounted by listing this folder."""
