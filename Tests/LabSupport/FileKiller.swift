import FoundationEssentials

/// Ends a program at one of its changes of files, as `kill -9` would: right before the change, or in the middle of a write.
public struct FileKiller: Sendable {
    /// A change of a file: the last one of a run.
    public struct Change: Sendable, CustomStringConvertible {
        /// Its place among the changes of the run, from 1 on.
        public let number: Int
        public let description: String
    }

    private let program: Program
    private let report: String

    /// - Parameters:
    ///   - root: only changes below this folder count.
    ///   - folder: an existing folder outside of it, for the record of the last change.
    public init(of program: Program, below root: String, in folder: String) throws(LabFailure) {
        var program = program
        report = "\(folder)/last-change"
        program.environment["LD_PRELOAD"] = try LabPart.fileKiller.path
        program.environment["FILE_KILLER_ROOT"] = root
        program.environment["FILE_KILLER_REPORT"] = report
        self.program = program
    }

    /// Runs it, and returns the last change before its end.
    /// - Parameter number: the change at which it is killed; 0: it runs to its end.
    public func run(_ arguments: [String], killedAt number: Int = 0) async throws
        -> (outcome: Outcome, last: Change?)
    {
        // There is none before the first run.
        try? FileManager.default.removeItem(atPath: report)
        var program = program
        program.environment["FILE_KILLER_AT"] = "\(number)"
        let outcome = try await program.run(arguments)
        let line = String(decoding: FileManager.default.contents(atPath: report) ?? Data(), as: UTF8.self)
        let change = Int(line.prefix { $0 != " " }).map { Change(number: $0, description: line) }
        return (outcome, change)
    }

    /// Some of a run's changes, evenly spread over it; with `KILLS=all` every one.
    public static func sample(_ size: Int, of count: Int) -> [Int] {
        guard count > 0 else { return [] }
        if Kills.areAll { return Array(1...count) }
        let parts = min(size, count)
        // The middle of each part.
        return (1...parts).map { (2 * $0 - 1) * count / (2 * parts) + 1 }
    }
}
