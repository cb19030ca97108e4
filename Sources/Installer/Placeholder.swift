import MutualTLS
import Subprocess
