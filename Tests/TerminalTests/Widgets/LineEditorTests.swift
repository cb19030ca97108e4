import Terminal
import Testing

struct LineEditorTests {
    /// The text with `|` where the cursor is.
    private func edited(_ text: String, _ keys: Key...) -> String {
        var editor = LineEditor(text)
        for key in keys { #expect(editor.handle(key) == true, "\(key)") }
        var characters = Array(editor.text)
        characters.insert("|", at: editor.cursor)
        return String(characters)
    }

    @Test func charactersGoWhereTheCursorIs() {
        #expect(edited("bd", .left, .character("c")) == "bc|d")
        #expect(edited("", .character("配")) == "配|")
    }

    @Test func backspaceAndDeleteTakeOneCharacter() {
        #expect(edited("a配e\u{301}", .backspace) == "a配|")
        #expect(edited("abc", .home, .delete) == "|bc")
        #expect(edited("abc", .home, .backspace) == "|abc")
        #expect(edited("abc", .delete) == "abc|")
    }

    @Test func theShellsKeysWork() {
        #expect(edited("one two", .control("a"), .control("f")) == "o|ne two")
        #expect(edited("one two", .control("a"), .control("e"), .control("b")) == "one tw|o")
        #expect(edited("one two", .left, .control("u")) == "|o")
        #expect(edited("one two", .home, .right, .control("k")) == "o|")
        #expect(edited("db.example.com", .control("w")) == "db.example.|")
        #expect(edited("one two  ", .control("w")) == "one |")
        #expect(edited("one two", .wordLeft, .wordLeft, .alt("d")) == "| two")
        #expect(edited("one two", .wordBackspace) == "one |")
        #expect(edited("one two", .home, .wordRight, .alt("f")) == "one two|")
    }

    @Test func whatWasKilledIsInsertedAgain() {
        #expect(edited("one two", .control("u"), .control("y"), .control("y")) == "one twoone two|")
        #expect(edited("one two", .control("w"), .home, .control("y")) == "two|one ")
        #expect(edited("one two", .home, .control("k"), .control("y")) == "one two|")
        #expect(edited("one two", .home, .alt("d"), .end, .control("y")) == " twoone|")
        #expect(edited("one", .control("y")) == "one|")
    }

    @Test func killsOneAfterTheOtherAreOneText() {
        #expect(edited("a b c", .control("w"), .control("w"), .control("y")) == "a b c|")
        #expect(edited("a b c", .home, .alt("d"), .alt("d"), .end, .control("y")) == " ca b|")
        #expect(edited("a b c", .control("w"), .left, .control("w"), .end, .control("y")) == "a  b|")
    }

    @Test func theKilledTextCanMoveToAnotherEditor() {
        var first = LineEditor("builder")
        first.handle(.control("u"))
        var second = LineEditor()
        second.killed = first.killed
        second.handle(.control("y"))
        #expect(second.text == "builder")
    }

    @Test func undoGoesBackEditByEdit() {
        let undo = Key.control("_")
        #expect(edited("ab", .character("c"), .character("d"), undo) == "ab|")
        #expect(edited("ab", .character("c"), .left, .character("d"), undo) == "ab|c")
        #expect(edited("ab", .character("c"), .left, .character("d"), undo, undo) == "ab|")
        #expect(edited("one two", .control("w"), .control("w"), undo) == "one |")
        #expect(edited("one two", .control("w"), .control("w"), undo, undo, undo) == "one two|")
        #expect(edited("ab", .backspace, .control("t"), undo, undo) == "ab|")
    }

    @Test func aNewTextIsNotUndone() {
        var editor = LineEditor("a")
        editor.handle(.character("b"))
        editor.text = "new"
        editor.handle(.control("_"))
        #expect(editor.text == "new")
    }

    @Test func transposeDragsACharacterForward() {
        #expect(edited("abc", .control("t")) == "acb|")
        #expect(edited("abc", .home, .right, .control("t")) == "ba|c")
        #expect(edited("abc", .home, .control("t")) == "|abc")
        #expect(edited("a", .control("t")) == "a|")
        #expect(edited("", .control("t")) == "|")
        #expect(edited("配e\u{301}", .control("t")) == "e\u{301}配|")
    }

    @Test func theCaseOfAWordChanges() {
        #expect(edited("one two", .home, .alt("u")) == "ONE| two")
        #expect(edited("one two", .home, .alt("u"), .alt("u")) == "ONE TWO|")
        #expect(edited("ONE TWO", .home, .alt("l")) == "one| TWO")
        #expect(edited("one tWO", .home, .right, .right, .right, .alt("c")) == "one Two|")
        #expect(edited("straße", .home, .alt("u")) == "STRASSE|")
        #expect(edited("one", .alt("u")) == "one|")
    }

    @Test func formerValuesComeBackAndSoDoesTheDraft() {
        var editor = LineEditor("draft", history: ["first", "second"])
        func value(after key: Key) -> String {
            #expect(editor.handle(key) == true)
            return editor.text
        }
        #expect(value(after: .alt("p")) == "second")
        #expect(value(after: .alt("p")) == "first")
        #expect(value(after: .alt("p")) == "first")
        #expect(editor.cursor == 5)
        #expect(value(after: .alt("n")) == "second")
        #expect(value(after: .alt("n")) == "draft")
        #expect(value(after: .alt("n")) == "draft")
        #expect(value(after: .alt("p")) == "second")
        #expect(value(after: .control("_")) == "draft")
        editor.history = []
        #expect(value(after: .alt("p")) == "draft")
    }

    @Test func theValueInSightIsNoFormerOne() {
        var editor = LineEditor("second", history: ["first", "second"])
        editor.handle(.alt("p"))
        #expect(editor.text == "first")
        editor.handle(.alt("n"))
        #expect(editor.text == "second")
        var only = LineEditor("first", history: ["first"])
        only.handle(.alt("p"))
        #expect(only.text == "first")
    }

    @Test func aMarkThatComesToStandBehindALetterJoinsIt() {
        #expect(edited("\u{301}b", .home, .character("e")) == "e\u{301}|b")
    }

    @Test func everyKeyLeavesTheCursorInTheText() {
        let letters = "ukwytpnb_fdhae"
        var editor = LineEditor("e\u{301} 配置 one-two", history: ["配 \u{301}x", ""])
        var state: UInt64 = 7
        for _ in 0..<3000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let letter = Array(letters)[Int(state >> 33) % letters.count]
            switch state >> 60 {
            case 0..<6: editor.handle(.control(letter))
            case 6..<12: editor.handle(.alt(letter))
            case 12: editor.handle(.character("\u{301}"))
            case 13: editor.handle(.character("配"))
            default: editor.handle(.character(" "))
            }
            #expect((0...editor.text.count).contains(editor.cursor))
            if editor.text.count > 60 { editor.handle(.control("u")) }
        }
    }

    @Test func keysOfOthersAreLeftToThem() {
        var editor = LineEditor("x")
        for key: Key in [.enter, .tab, .up, .down, .escape, .function(1), .control("c"), .pageUp] {
            #expect(editor.handle(key) == false)
        }
        #expect(editor.text == "x")
    }

    @Test func pastedTextIsOneLine() {
        var editor = LineEditor("ad")
        editor.handle(.left)
        editor.insert("\nb\r\nc\n")
        #expect(editor.text == "ab cd")
        #expect(editor.cursor == 4)
    }

    @Test func nothingMakesATextLongerThanTheLimit() {
        var editor = LineEditor(String(repeating: "a", count: LineEditor.limit - 1))
        let results = [editor.insert("bc"), editor.insert("b")]
        #expect(results == [false, true])
        editor.handle(.character("c"))
        #expect(editor.text.count == LineEditor.limit)
        #expect(editor.text.last == "b")
        editor.handle(.backspace)
        #expect(editor.text.last == "a")
    }

    @Test func aCombiningMarkJoinsTheLetterBeforeIt() {
        var editor = LineEditor("e")
        editor.handle(.character("\u{301}"))
        #expect(editor.text == "e\u{301}")
        #expect(editor.cursor == 1)
    }

    /// The terminal decides how it is displayed; text and cursor are in the order of typing.
    @Test func rightToLeftTextKeepsTheOrderOfTyping() {
        var editor = LineEditor()
        for character in "שלום abc" { editor.handle(.character(character)) }
        #expect(editor.text == "שלום abc")
        #expect(editor.visible(columns: 20) == ("שלום abc", 8))
        for key: Key in [.home, .right, .backspace] { editor.handle(key) }
        #expect(editor.text == "לום abc")
        editor.handle(.alt("d"))
        #expect(editor.text == " abc")
    }

    @Test func aLongTextScrollsSoThatTheCursorIsSeen() {
        var editor = LineEditor("0123456789")
        #expect(editor.visible(columns: 11) == ("0123456789", 10))
        #expect(editor.visible(columns: 6) == ("…6789", 5))
        editor.handle(.left)
        #expect(editor.visible(columns: 6) == ("…56789", 5))
        editor.handle(.home)
        #expect(editor.visible(columns: 6) == ("012345", 0))
    }

    @Test func theCursorIsInSightInEveryField() {
        for text in ["", "abc", "配置配置配", "e\u{301}e\u{301}e\u{301}e\u{301}"] {
            var editor = LineEditor(text)
            repeat {
                for columns in 1...8 {
                    let (shown, cursor) = editor.visible(columns: columns)
                    #expect(Text.width(shown) <= columns)
                    #expect((0..<columns).contains(cursor))
                }
            } while editor.cursor > 0 && editor.handle(.left)
        }
    }
}
