import ChartSupport
import FoundationEssentials
import LabSupport

/// The cost of waiting while there is no BuildKit.
struct HeldClients {
    static let count = 500
    let setting: Setting
    let envoy: RunningProgram

    func measure() async throws {
        try await measureMemory()
        try await measureLatency()
    }

    private func measureMemory() async throws {
        // For the allocations that Envoy makes only once.
        try await withHeld(10) {}
        let before = try memory()
        var after = before
        try await withHeld(Self.count) { after = try memory() }
        let each = Double(after - before) / 1000 / Double(Self.count)
        Row(
            subject: "a held client in Envoy", figure: "\(each.rounded(to: 0)) kB",
            reference: "goal ≤ 40 kB; \(Self.count) of them, Envoy before \(before / 1_000_000) MB"
        ).show()
    }

    private func measureLatency() async throws {
        var times: [Double] = []
        for _ in 0..<21 {
            let answer = Task {
                try await ask([Setting.name])
                return ContinuousClock.now
            }
            try await eventually("it is held") { try await setting.proxy.held() == 1 }
            // BuildKit starts at a random moment of the proxy's intervals.
            try await Task.sleep(for: .milliseconds(.random(in: 0..<2000)))
            times.append(
                try await setting.whileBuilderServes {
                    let start = ContinuousClock.now
                    return try await (answer.value - start) / .milliseconds(1)
                })
        }
        Row(
            subject: "held, then served", figure: "\(times.median.rounded(to: 0)) ms",
            reference:
                "goal ≤ 500 ms after BuildKit listens; slowest \((times.max() ?? 0).rounded(to: 0)) ms"
        ).show()
    }

    /// Runs `body` while this number of clients wait, each on its own connection; then lets BuildKit answer them.
    private func withHeld(_ count: Int, _ body: () throws -> Void) async throws {
        // One curl supports 300 concurrent transfers.
        let part = 250
        let answers = stride(from: 1, through: count, by: part).map { first in
            let last = min(count, first + part - 1)
            return Task {
                try await ask(
                    ["c[\(first)-\(last)].bench"],
                    ["--insecure", "--parallel", "--parallel-immediate", "--parallel-max", "\(part)"])
            }
        }
        try await eventually("\(count) clients are held", within: .seconds(120)) {
            try await setting.proxy.held() == count
        }
        try body()
        try await setting.whileBuilderServes {
            for answer in answers { try await answer.value }
        }
    }

    private func ask(_ names: [String], _ flags: [String] = []) async throws {
        let outcome = try await setting.proxy.ask(as: setting.client, at: names, flags)
        guard outcome.succeeded, !outcome.output.contains(#/grpc-status: [^0]/#) else {
            throw LabFailure("A held client was not served: \(outcome.errors)\(outcome.output.prefix(500))")
        }
    }

    /// The resident memory of Envoy, in bytes.
    private func memory() throws -> Int {
        let path = "/proc/\(envoy.processIdentifier)/status"
        let status = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        guard let kibibytes = status.firstMatch(of: #/VmRSS:\s+(\d+) kB/#).flatMap({ Int($0.1) }) else {
            throw LabFailure("\(path) does not say how much memory Envoy takes.")
        }
        return kibibytes * 1024
    }
}
