"""Version of the package: that of the program which it was made with."""
VERSION = "0.1.0"
