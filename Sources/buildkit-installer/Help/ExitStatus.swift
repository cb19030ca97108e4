import Installer

/// Exit statuses, the same for all commands. This is the only table of them; numbers above 63 follow sysexits.h, and
/// 130 is 128 plus SIGINT.
enum ExitStatus: Int32, Error, CaseIterable {
    case done = 0
    case failed = 1
    case certificatesDue = 3
    /// `EX_USAGE`
    case badUsage = 64
    /// `EX_NOINPUT`
    case noInput = 66
    /// `EX_UNAVAILABLE`
    case unavailable = 69
    /// `EX_SOFTWARE`
    case internalError = 70
    /// `EX_CANTCREAT`
    case cannotCreate = 73
    /// `EX_TEMPFAIL`
    case locked = 75
    case interrupted = 130

    /// The meaning, for help and documents.
    var meaning: String {
        switch self {
        case .done: "Success: done, nothing to do, or healthy."
        case .failed: "The run failed, or problems were found."
        case .certificatesDue: "Healthy, but a certificate expires soon."
        case .badUsage:
            "The command line or a setting is invalid, or `--yes` is missing without a terminal."
        case .noInput: "An input file cannot be read."
        case .unavailable:
            "A check failed: a tool or the cluster is unavailable, or a conflict was found. No changes were made."
        case .internalError: "Internal error in buildkit-installer."
        case .cannotCreate: "An output file cannot be written."
        case .locked: "Another run is in progress on this installation. Try again later."
        case .interrupted: "Interrupted by a signal, or declined."
        }
    }

    /// Of a completed run; ``done`` if it succeeded.
    init(_ outcome: RunSummary.Outcome) {
        self =
            switch outcome {
            case .installed, .changed, .unchanged, .removed, .rehearsed: .done
            case .failed, .partlyRemoved: .failed
            case .interrupted: .interrupted
            }
    }

    /// Of a failure.
    init(_ failure: InstallerError) {
        self =
            switch failure.code {
            case .usage, .invalidAnswer, .notConfirmed: .badUsage
            case .inputUnreadable: .noInput
            case .outputUnwritable: .cannotCreate
            case .locked: .locked
            case .checksFailed, .buildsActive, .buildsUnknown, .scaledByKEDA, .toolMissing, .toolUnusable:
                .unavailable
            case .internalError: .internalError
            default: .failed
            }
    }

    /// Ends the command with it, unless it is ``done``.
    func end() throws { if self != .done { throw self } }
}

extension ExitStatus {
    /// Exit statuses of commands that make changes.
    static let ofRuns: [ExitStatus] = [
        .done, .failed, .badUsage, .noInput, .unavailable, .internalError, .cannotCreate, .locked,
        .interrupted,
    ]
}
