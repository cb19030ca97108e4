import Installer

/// How the program ends, for scripts: the same for every command. This is the one table of them; numbers above 63
/// are those of sysexits.h, and 130 is 128 and SIGINT.
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

    /// What it means, as the help and the documents say it.
    var meaning: String {
        switch self {
        case .done: "Done; or nothing had to be done, or everything is healthy."
        case .failed: "The run failed, or a problem was found."
        case .certificatesDue: "Everything is healthy, but a certificate expires soon."
        case .badUsage: "The command line or an answer is wrong."
        case .noInput: "An input file cannot be read."
        case .unavailable:
            "A check failed: a tool or the cluster is not available, or something is in the way. Nothing was changed."
        case .internalError: "An error inside buildkit-installer."
        case .cannotCreate: "An output file cannot be written."
        case .locked: "Another run is in progress on this installation. Try again later."
        case .interrupted: "Interrupted by a signal, or not confirmed."
        }
    }

    /// Of a run that came to its end; ``done`` where it went well.
    init(_ outcome: RunSummary.Outcome) {
        self =
            switch outcome {
            case .installed, .changed, .unchanged, .removed, .rehearsed: .done
            case .failed: .failed
            case .interrupted: .interrupted
            }
    }

    /// Of what kept a run from its end.
    init(_ failure: InstallerError) {
        self =
            switch failure.code {
            case .usage, .invalidAnswer, .notConfirmed: .badUsage
            case .inputUnreadable: .noInput
            case .outputUnwritable: .cannotCreate
            case .locked: .locked
            case .checksFailed, .buildsActive, .scaledByKEDA, .toolMissing: .unavailable
            case .internalError: .internalError
            default: .failed
            }
    }

    /// Ends the command with it, unless it is ``done``.
    func end() throws { if self != .done { throw self } }
}

extension ExitStatus {
    /// How a command that changes something may end.
    static let ofRuns: [ExitStatus] = [
        .done, .failed, .badUsage, .noInput, .unavailable, .internalError, .cannotCreate, .locked,
        .interrupted,
    ]
}
