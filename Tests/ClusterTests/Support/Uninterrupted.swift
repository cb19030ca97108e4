/// What an install comes to that nothing disturbs: the measure for those that something does.
enum Uninterrupted {
    static var state: [String] {
        get async throws { try await install.value }
    }

    private static let install = Task {
        var state: [String] = []
        try await Installation.begin { site in
            _ = try await site.laptop.installer.require(["install", "--yes"] + site.answers)
            state = try await site.state()
        }
        return state
    }
}
