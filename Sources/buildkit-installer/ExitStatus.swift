import ArgumentParser

/// How the program ends, for scripts: the same for every verb.
enum ExitStatus {
    static let failed = ExitCode(1)
    /// `EX_USAGE` of sysexits.h.
    static let badAnswers = ExitCode(64)
    /// `EX_UNAVAILABLE` of sysexits.h.
    static let cannotBeUsed = ExitCode(69)
    /// 128 and SIGINT.
    static let interrupted = ExitCode(130)
}
