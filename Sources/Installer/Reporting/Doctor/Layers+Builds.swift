// What a build needs of BuildKit.

extension Layer {
    static let buildkit = Layer(
        "buildkit", "BuildKit", needs: ["plugin", "default-toml", "http2"]
    ) { symptoms in
        if symptoms.isAsleep { return symptoms.sleepVerdict }
        guard let served = symptoms.facts.served.value else { return .skipped("nobody knows its address") }
        switch symptoms.state {
        case .pending: return .skipped("it was not asked")
        case .known(let state) where state.isRunning: return .holds("it answers to buildx")
        case .known(let state): return .broken(symptoms.failure(served, reasons: state.reasons))
        case .unknown(let failure): return .skipped(failure.message)
        }
    }

    static let platforms = Layer("platforms", "the worker's platforms", needs: ["buildkit"]) { symptoms in
        guard let state = symptoms.state.value else { return .skipped("BuildKit was not asked") }
        let registered = symptoms.builder?.nodes.flatMap(\.platforms) ?? []
        let missing = registered.filter { !state.platforms.contains($0) }
        guard !missing.isEmpty else { return .holds(state.platforms.inWords) }
        return .broken(
            Failure(
                "BuildKit does not build for \(missing.inWords), for which \(symptoms.answers.builder) is registered",
                detail: "It builds for \(state.platforms.inWords).",
                hint: "Register it for what there is: buildkit-installer install --platforms "
                    + state.platforms.joined(separator: ",")))
    }

    static let build = Layer("build", "a real build", needs: ["buildkit"]) { symptoms in
        switch symptoms.build {
        case .pending: .skipped("none was tried")
        case .known(let seconds):
            .holds("it brought back what was sent, in \((seconds * 10).rounded() / 10) seconds")
        case .unknown(let failure):
            .broken(
                Failure(
                    "BuildKit answers, but a small build through it fails",
                    detail: [failure.message, failure.detail].compactMap { $0 }.joined(separator: "\n"),
                    hint: failure.hint))
        }
    }
}

extension Symptoms {
    fileprivate var sleepVerdict: LayerVerdict {
        guard status.sleep?.isAutomatic != true else {
            return .skipped("it is asleep; the next build wakes it")
        }
        let deployment = "\(answers.fullname)-builder"
        return .broken(
            Failure(
                "BuildKit is asleep, and nothing wakes it by itself",
                detail: "The Deployment \(deployment) is scaled to 0.",
                hint: "Wake it: buildkit-installer wake"))
    }
}
