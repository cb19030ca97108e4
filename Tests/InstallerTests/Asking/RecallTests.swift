import Testing

@testable import Installer

/// Answers of an earlier run that come back.
@Suite struct RecallTests {
    @Test func whatWasAnsweredThenIsTakenForWhatIsNotGivenNow() {
        var answers = Answers()
        answers.port = 4321
        answers.recall(["port": "2345", "builder": "shared"], except: ["port"])
        #expect(answers.port == 4321)
        #expect(answers.builder == "shared")
    }

    @Test func anotherInstallationsAnswersAreForgotten() {
        var answers = Answers()
        answers.recall(["builder": "shared"], except: [])
        answers.recall(["port": "2345"], except: [])
        #expect(answers.builder == Answers().builder)
        #expect(answers.port == 2345)
    }

    @Test func aValueThatIsNoLongerAllowedDoesNotCount() {
        var answers = Answers()
        answers.recall(["port": "none", "no-such-question": "1"], except: [])
        #expect(answers == Answers())
    }
}
