/// What an install comes to that nothing disturbs: the measure for those that something does.
enum Uninterrupted {
    private static var state: [String] {
        get async throws { try await install.value }
    }

    /// What an installation has that the undisturbed one has not, and what it lacks.
    static func differences(from site: Installation) async throws -> [String] {
        let (own, wanted) = (try await site.state(), try await state)
        return own.filter { !wanted.contains($0) }.map { "+ \($0)" }
            + wanted.filter { !own.contains($0) }.map { "- \($0)" }
    }

    private static let install = Task {
        var state: [String] = []
        try await Installation.beginAtOnce { site in
            _ = try await site.laptop.installer.require(["install", "--yes"] + site.answers)
            state = try await site.state()
        }
        return state
    }
}
