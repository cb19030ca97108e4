import FoundationEssentials
import Installer

extension World {
    /// The real one.
    static var live: World {
        let environment = ProcessInfo.processInfo.environment
        return World(
            runner: ProcessRunner(environment: environment), environment: environment,
            home: environment["HOME"] ?? "/")
    }
}
