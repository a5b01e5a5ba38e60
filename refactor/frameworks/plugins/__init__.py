"""What each framework calls, makes and fills: plug-ins of the points-to analysis, one file per framework."""
