/// What `docker buildx inspect` says of a builder. Its exit status says nothing: it is 0 for a dead one too.
struct InspectOutput {
    let text: String
    let isRunning: Bool

    init(_ text: String) {
        self.text = text
        let states = text.split(separator: "\n").filter { $0.hasPrefix("Status:") }
            .map { String($0.dropFirst("Status:".count)).trimmed }
        isRunning = !states.isEmpty && states.allSatisfy { $0 == "running" }
    }
}
