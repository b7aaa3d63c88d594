"""The HTTP faces of the systems that Cartera replaces: each call, its status and its keys as they were."""
