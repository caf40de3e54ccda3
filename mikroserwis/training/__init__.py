"""Help: training material that staff keep and dealers read, and where else help is to be had."""
