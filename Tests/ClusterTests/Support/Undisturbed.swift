import Testing

/// Expects an installation to be the same as an undisturbed one, and reports the differences.
func expectAsUndisturbed(_ installation: Installation, at location: SourceLocation = #_sourceLocation)
    async throws
{
    expectSame(try await installation.state(), try await undisturbed.value, at: location)
}

/// Expects the lines, in any order, and reports the differences.
func expectSame(_ own: [String], _ wanted: [String], at location: SourceLocation = #_sourceLocation) {
    let differences =
        own.filter { !wanted.contains($0) }.map { "+ \($0)" }
        + wanted.filter { !own.contains($0) }.map { "- \($0)" }
    #expect(differences == [], sourceLocation: location)
}

/// The reference for all disturbed installations, created once.
private let undisturbed = Task {
    var state: [String] = []
    try await Installation.beginAtOnce { installation in
        _ = try await installation.laptop.installer.require(["install", "--yes"] + installation.answers)
        state = try await installation.state()
    }
    return state
}
