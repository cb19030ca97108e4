import Testing
@testable import Installer
