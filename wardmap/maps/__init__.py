"""Tables -> an interactive map that opens anywhere."""
