import Installer
import Terminal
