import ArgumentParser
import Installer

/// How the program ends, for scripts: the same for every verb.
enum ExitStatus {
    static let failed = ExitCode(1)
    /// Nothing is wrong yet, but a certificate ends soon.
    static let certificatesDue = ExitCode(3)
    /// `EX_USAGE` of sysexits.h.
    static let badAnswers = ExitCode(64)
    /// `EX_UNAVAILABLE` of sysexits.h.
    static let cannotBeUsed = ExitCode(69)
    /// 128 and SIGINT.
    static let interrupted = ExitCode(130)

    /// The status of a run that did not go well; nil of one that did.
    static func after(_ outcome: Summary.Outcome) -> ExitCode? {
        switch outcome {
        case .installed, .changed, .unchanged, .removed, .rehearsed: nil
        case .failed: failed
        case .interrupted: interrupted
        }
    }
}
